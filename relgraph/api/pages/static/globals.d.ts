// What a script of an installed package puts into a page: see relgraph/api/pages/reference.py.
declare const SwaggerUIBundle: (options: Record<string, unknown>) => unknown;
