# The service alone; its database is a Neo4j server (compose.yaml).
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY relgraph relgraph
COPY seeds seeds
RUN python -m venv /opt/relgraph && /opt/relgraph/bin/pip install --no-cache-dir .

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 relgraph
COPY --from=build /opt/relgraph /opt/relgraph
ENV PATH=/opt/relgraph/bin:$PATH RELGRAPH_HOST=0.0.0.0 RELGRAPH_PORT=8000
USER relgraph
WORKDIR /home/relgraph
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD \
  ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["relgraph", "serve"]
