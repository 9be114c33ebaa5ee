// @ts-check
/// <reference path="./globals.d.ts" />
// Starts Swagger UI on the service's own description; see relgraph/api/pages/reference.py.

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
  operationsSorter: "alpha",
  defaultModelsExpandDepth: -1,
  validatorUrl: null, // it would ask a server on the network
});
