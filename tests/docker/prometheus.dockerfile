# SPDX-License-Identifier: Apache-2.0
#
# Debian's Prometheus, laid out and called as prom/prometheus is, for where that isn't to be had.
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends prometheus \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o nobody -g nogroup /prometheus
USER nobody
VOLUME /prometheus
WORKDIR /prometheus
EXPOSE 9090
ENTRYPOINT ["prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
