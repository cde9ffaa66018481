# The image of Groundglass: the binary, root certificates for TLS, and PostgreSQL's client programs for backups. README.md
# explains how to run it.
#
# The versions of the build stages are exact. The runtime stage names only a Debian release, so that rebuilding the image
# picks up its latest security fixes.

ARG RUST=1.95.0
ARG NODE=20.20.2

FROM node:${NODE}-bookworm-slim AS node

FROM rust:${RUST}-slim-bookworm AS build
ARG RUST
# Overrides rust-toolchain.toml, which selects the newest stable toolchain.
ENV RUSTUP_TOOLCHAIN=${RUST}
RUN rustup target add wasm32-unknown-unknown
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm

WORKDIR /groundglass
COPY . .
# The caches are not part of the image, so the binary is copied out of them. If npm fails, `cargo xtask build` continues
# without charts; the image build fails instead.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/groundglass/target,sharing=locked \
    cargo --locked xtask build \
    && { grep -q plotly.js target/site/manifest.json || { echo 'npm failed (see above): pages would have no charts' >&2; exit 1; }; } \
    && mkdir -p /image/data \
    && cp target/release/groundglass /image/

# The C library, root certificates, and the programs that `groundglass backup` and `restore` run for PostgreSQL, in the version
# of the server in compose.yaml.
FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Groundglass" \
      org.opencontainers.image.description="A self-hosted experiment tracker for computer vision" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 65532 --home-dir /var/lib/groundglass --shell /usr/sbin/nologin groundglass
COPY --from=build /groundglass/LICENSE-MIT /groundglass/LICENSE-APACHE /usr/share/doc/groundglass/
COPY --from=build --chown=65532:65532 /image/data /var/lib/groundglass
COPY --from=build /image/groundglass /usr/local/bin/groundglass

USER 65532:65532
# All files are written to the volume, including SQLite's temporary files, so that the root file system can be read-only.
ENV GROUNDGLASS_ADDRESS=0.0.0.0:3000 \
    GROUNDGLASS_DATA_DIR=/var/lib/groundglass \
    SQLITE_TMPDIR=/var/lib/groundglass
VOLUME /var/lib/groundglass
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD ["groundglass", "health"]
ENTRYPOINT ["groundglass"]
CMD ["serve"]
