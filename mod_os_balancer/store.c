/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"
#include "board.h"
#include "config.h"
#include "core/message.h"
#include "probe/probe.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <http_log.h>
#include <unixd.h>

#include <stdlib.h>
#include <unistd.h>

APLOG_USE_MODULE(os_balancer);

/* Between two writes at least. */
#define PAUSE_MS 1000
/* After so long without an event, counters and times are worth a write. */
#define REFRESH_MS 30000
/* So many failures in a row are worth a line. One alone may be another leader's doing: where a
 * whole machine was stopped and wakes, several may write before they find themselves deposed. */
#define WORTH_A_LINE 2

struct osb_store {
    const char *path; /* NULL: nothing is written */
    server_rec *main;
    struct osb_term term;
    apr_pool_t *pool;    /* cleared after each write */
    uint64_t tried;      /* ms on the prober's clock: the latest write, or the take-over */
    uint64_t last_event; /* that is in the file */
    unsigned failures;   /* of writes up to the latest, in a row */
};

/* Children don't run as root: the directory must be theirs. */
void osb_store_prepare(const char *path, server_rec *main, apr_pool_t *temp)
{
    char *directory = apr_pstrdup(temp, path);
    char *slash = strrchr(directory, '/');
    apr_status_t status;

    if (slash == NULL || slash == directory)
        return;
    *slash = '\0';
    status = apr_dir_make(directory, APR_FPROT_UREAD | APR_FPROT_UWRITE | APR_FPROT_UEXECUTE, temp);
    if (APR_STATUS_IS_EEXIST(status))
        return;
    if (status == APR_SUCCESS && geteuid() == 0 &&
        chown(directory, ap_unixd_config.user_id, ap_unixd_config.group_id) != 0)
        status = APR_FROM_OS_ERROR(errno);
    if (status != APR_SUCCESS)
        ap_log_error(APLOG_MARK, APLOG_ERR, status, main,
                     "os_balancer: the state file's directory %s can't be made", directory);
}

static apr_status_t read_whole(const char *path, apr_pool_t *pool, char **bytes, apr_size_t *length)
{
    apr_finfo_t info;
    apr_file_t *file;
    apr_status_t status =
        apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_NONBLOCK, APR_FPROT_OS_DEFAULT, pool);

    if (status != APR_SUCCESS)
        return status;
    status = apr_file_info_get(&info, APR_FINFO_SIZE | APR_FINFO_TYPE, file);
    if (status == APR_SUCCESS && (info.filetype != APR_REG || info.size > OSB_STATEFILE_MAX))
        status = APR_EGENERAL;
    if (status == APR_SUCCESS) {
        *length = (apr_size_t)info.size;
        *bytes = apr_palloc(pool, *length + 1);
        status = apr_file_read_full(file, *bytes, *length, length);
    }
    apr_file_close(file);
    return APR_STATUS_IS_EOF(status) ? APR_SUCCESS : status;
}

void osb_store_load(const char *path, server_rec *main, apr_pool_t *temp, struct osb_board *board)
{
    struct osb_saved saved;
    struct osb_message why;
    apr_size_t length = 0;
    char *bytes = "";
    apr_status_t status;

    status = read_whole(path, temp, &bytes, &length);
    if (APR_STATUS_IS_ENOENT(status))
        return;
    if (status != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, status == APR_EGENERAL ? 0 : status, main,
                     "os_balancer: state file %s %s; the checks begin anew", path,
                     status == APR_EGENERAL ? "is no file, or far too long" : "can't be read");
        return;
    }
    if (!osb_statefile_decode(bytes, length, &saved, &why)) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main,
                     "os_balancer: state file %s is ignored, the checks begin anew: %s", path,
                     why.text);
        return;
    }
    osb_board_restore(board, &saved);
    ap_log_error(APLOG_MARK, APLOG_INFO, 0, main,
                 "os_balancer: %" APR_SIZE_T_FMT " members are known from %s", saved.member_count,
                 path);
    osb_saved_free(&saved);
}

struct osb_store *osb_store_make(const char *path, server_rec *main, const struct osb_term *term)
{
    struct osb_store *store = calloc(1, sizeof *store);
    apr_allocator_t *allocator;

    if (store == NULL || apr_allocator_create(&allocator) != APR_SUCCESS) {
        free(store);
        return NULL;
    }
    *store = (struct osb_store){.path = path,
                                .main = main,
                                .term = *term,
                                .tried = osb_prober_now(),
                                .last_event = UINT64_MAX};
    apr_pool_create_unmanaged_ex(&store->pool, NULL, allocator);
    apr_allocator_owner_set(allocator, store->pool);
    return store;
}

/* Not synced to the disk, which may take long and would hold up the checks: after a loss of power
 * the checksum tells a file that isn't whole. A leader that was stopped meanwhile leaves all as it
 * is: both files may be its successor's. */
static apr_status_t replace_file(const struct osb_store *store, const char *bytes, size_t length)
{
    const char *temporary = apr_pstrcat(store->pool, store->path, ".new", NULL);
    apr_file_t *file;
    apr_status_t status;

    apr_file_remove(temporary, store->pool);
    status = apr_file_open(&file, temporary, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_EXCL,
                           APR_FPROT_UREAD | APR_FPROT_UWRITE, store->pool);
    if (status != APR_SUCCESS)
        return status;
    status = apr_file_write_full(file, bytes, length, NULL);
    if (status == APR_SUCCESS)
        status = apr_file_close(file);
    else
        apr_file_close(file);
    if (!osb_term_lasts(&store->term))
        return APR_SUCCESS;
    if (status == APR_SUCCESS)
        status = apr_file_rename(temporary, store->path, store->pool);
    if (status != APR_SUCCESS)
        apr_file_remove(temporary, store->pool);
    return status;
}

static apr_status_t write_file(struct osb_store *store)
{
    struct osb_saved saved;
    char *bytes = NULL;
    size_t length;
    apr_status_t status = APR_ENOMEM;

    if (osb_board_save(store->term.board, &saved)) {
        bytes = osb_statefile_encode(&saved, &length);
        osb_saved_free(&saved);
    }
    if (bytes != NULL)
        status = replace_file(store, bytes, length);
    free(bytes);
    apr_pool_clear(store->pool);
    return status;
}

static void save(struct osb_store *store)
{
    uint64_t last_event = osb_board_last_event(store->term.board);
    apr_status_t status = write_file(store);

    store->tried = osb_prober_now();
    store->last_event = last_event;
    if (status == APR_SUCCESS && store->failures >= WORTH_A_LINE)
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, store->main,
                     "os_balancer: state file %s is written again", store->path);
    store->failures = status != APR_SUCCESS ? store->failures + 1 : 0;
    if (store->failures == WORTH_A_LINE)
        ap_log_error(APLOG_MARK, APLOG_ERR, status, store->main,
                     "os_balancer: state file %s can't be written; it is tried again", store->path);
}

void osb_store_turn(struct osb_store *store)
{
    uint64_t age = osb_prober_now() - store->tried;
    bool news = osb_board_last_event(store->term.board) != store->last_event || store->failures > 0;

    if (store->path != NULL && age >= (news ? PAUSE_MS : REFRESH_MS))
        save(store);
}

void osb_store_free(struct osb_store *store)
{
    if (store == NULL)
        return;
    if (store->path != NULL && osb_term_lasts(&store->term))
        save(store);
    apr_pool_destroy(store->pool);
    free(store);
}
