// SPDX-License-Identifier: Apache-2.0
package standin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the application tells of itself. */
final class Settings {
    private static final String BUILT = "1718000000000";
    private static final String COMMIT = "5b9e1a7c";

    private Settings() {
    }

    static void password(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Answer.json(response, 200, Json.of(Map.of(
                "pattern", "((?=.*\\d)(?=.*[a-z])(?=.*[A-Z]).{8,})",
                "desc", "At least 8 characters: a digit, a small and a capital letter")));
    }

    static void siteAssets(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Map<String, Object> assets = new LinkedHashMap<>();
        assets.put("siteLogo", null);
        assets.put("siteUrl", null);
        Answer.json(response, 200, Json.of(assets));
    }

    static void locale(HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        Map<String, Object> locale = new LinkedHashMap<>();
        locale.put("deBeDateFmt", "dd-MM-yyyy");
        locale.put("utcOffset", 0);
        locale.put("deFeDateFmt", "dd-mm-yyyy");
        locale.put("dateFmt", "dd MMM yyyy");
        locale.put("locale", "en_US");
        locale.put("timeFmt", "HH:mm");
        Answer.spoilt(response, Json.of(locale));
    }

    static void appProps(HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        Map<String, Object> props = new LinkedHashMap<>();
        props.put("plugins", List.of("sample-plugin"));
        props.put("pluginsDetail", List.of(Map.of("os-plugin-name", "sample-plugin",
                "built-on", BUILT, "commit", COMMIT, "version", "1.0")));
        props.put("build_version", Switches.get("build"));
        props.put("build_date", BUILT);
        props.put("build_commit_revision", COMMIT);
        props.put("deploy_env", "test");
        props.put("default_domain", "openspecimen");
        props.put("not_specified", null);
        for (String name : List.of("cp_coding_enabled", "auto_empi_enabled", "uid_mandatory",
                "mrn_restriction_enabled", "feedback_enabled", "user_sign_up",
                "localAccountSignups")) {
            props.put(name, false);
        }
        for (String name : List.of("forgot_password", "allowHtmlMarkup", "caseInsensitiveSearch")) {
            props.put(name, true);
        }
        props.put("toast_disp_time", 5);
        props.put("searchDelay", 1000);
        props.put("auditEnabled", "true");
        Answer.spoilt(response, Json.of(props));
    }

    static void authDomains(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Answer.json(response, 200, Json.of(List.of(Map.of("name", "openspecimen"))));
    }

    static void metrics(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Answer.json(response, 200, Json.of(Map.of("requests", 0)));
    }
}
