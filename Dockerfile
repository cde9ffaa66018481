# Groundglass as an image: the program, and around it what it needs to speak TLS and to back up a PostgreSQL. README.md says how
# to run it.
#
# What builds is named to the last digit. What runs is a line of Debian, so that an image that is built anew has its latest
# corrections.

ARG RUST=1.95.0
ARG NODE=20.20.2

FROM node:${NODE}-bookworm-slim AS node

FROM rust:${RUST}-slim-bookworm AS build
ARG RUST
# Comes before rust-toolchain.toml, which asks for the newest one.
ENV RUSTUP_TOOLCHAIN=${RUST}
RUN rustup target add wasm32-unknown-unknown
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm

WORKDIR /groundglass
COPY . .
# The caches are gone when this step ends, so the program is copied out of them. Where npm fails, a build goes on without
# charts; an image does not.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/groundglass/target,sharing=locked \
    cargo --locked xtask build \
    && { grep -q plotly.js target/site/manifest.json || { echo 'npm failed, see above: there would be no charts' >&2; exit 1; }; } \
    && mkdir -p /image/data \
    && cp target/release/groundglass /image/

# The C library, the roots of TLS, and the programs that `groundglass backup` and `restore` call for PostgreSQL, of the version of
# compose.yaml's server.
FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Groundglass" \
      org.opencontainers.image.description="A tracker for computer vision experiments that you run yourself" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 65532 --home-dir /var/lib/groundglass --shell /usr/sbin/nologin groundglass
COPY --from=build /groundglass/LICENSE-MIT /groundglass/LICENSE-APACHE /usr/share/doc/groundglass/
COPY --from=build --chown=65532:65532 /image/data /var/lib/groundglass
COPY --from=build /image/groundglass /usr/local/bin/groundglass

USER 65532:65532
# All that is written lies in the volume: SQLite's temporary files, too, so the rest may be read-only.
ENV GROUNDGLASS_ADDRESS=0.0.0.0:3000 \
    GROUNDGLASS_DATA_DIR=/var/lib/groundglass \
    SQLITE_TMPDIR=/var/lib/groundglass
VOLUME /var/lib/groundglass
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["groundglass", "health"]
ENTRYPOINT ["groundglass"]
CMD ["serve"]
