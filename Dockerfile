# The image Godwit is run from in production: Node 24, the PostgreSQL 18 client tools, an ordinary user.

FROM node:24-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY commands ./commands
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

# pg_dump and pg_restore of the newest major that Godwit migrates to read every older one.
FROM postgres:18-trixie AS client

FROM node:24-trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libpq5 liblz4-1 libzstd1 ca-certificates \
  && rm -rf /var/lib/apt/lists/*
COPY --from=client /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/lib/postgresql/18/bin/psql /usr/lib/postgresql/18/bin/
COPY --from=client /usr/lib/*-linux-gnu/libpq.so.5* /usr/lib/postgresql/18/lib/
ENV NODE_ENV=production \
    GODWIT_PG_BIN=/usr/lib/postgresql/18/bin \
    LD_LIBRARY_PATH=/usr/lib/postgresql/18/lib
WORKDIR /godwit
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json ./
USER node
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["start"]
