import { openApiSchemas } from "./openapi-schemas.js";

type SchemaName = keyof typeof openApiSchemas;

const json = (name: SchemaName) => ({
  "application/json": { schema: { $ref: `#/components/schemas/${name}` } },
});
const answers = (description: string, name: SchemaName) => ({ description, content: json(name) });

const refusals = {
  "400": answers("Not JSON, not an object, or a field that can't be used.", "Error"),
  "413": answers("The body is too large.", "Error"),
  "415": answers("The body is not plain JSON.", "Error"),
  "503": answers("Too many requests are being answered; try again in a second.", "Error"),
};

const decisionHeaders = Object.fromEntries(
  ["model", "reasons", "artifact", "request-id"].map((name) => [
    `x-signalbox-${name}`,
    { schema: { type: "string" }, description: "From the decision, percent-encoded." },
  ]),
);

/** The sidecar's routes and bodies, as OpenAPI 3.1.
 * @see https://spec.openapis.org/oas/v3.1.1.html */
export const openApiDocument = {
  openapi: "3.1.1",
  info: {
    title: "Signalbox decisions",
    version: "1",
    description: "Which model answers a request. No content of a request is logged.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  paths: {
    "/decide": {
      post: {
        operationId: "decide",
        summary: "Decide for one request",
        parameters: [{ name: "explain", in: "query", schema: { enum: ["0", "1"] } }],
        requestBody: { required: true, content: json("ModelCall") },
        responses: {
          "200": { ...answers("The decision.", "Decision"), headers: decisionHeaders },
          ...refusals,
        },
      },
    },
    "/record": {
      post: {
        operationId: "record",
        summary: "Say what came of a decision's call",
        requestBody: { required: true, content: json("CallResult") },
        responses: {
          "202": answers("Taken for the log.", "Recorded"),
          "404": answers("No decision with this request_id waits for a result.", "Error"),
          ...refusals,
        },
      },
    },
    "/envoy/{path}": {
      description: "For Envoy's ext_authz filter, over every method. Always 200.",
      parameters: [{ name: "path", in: "path", required: true, schema: { type: "string" } }],
      post: {
        operationId: "envoy",
        summary: "Decide for the request that Envoy holds",
        requestBody: { content: json("ModelCall") },
        responses: {
          "200": {
            description: "Go on; with headers where a decision was made.",
            headers: decisionHeaders,
          },
        },
      },
    },
    "/health": {
      get: {
        operationId: "health",
        summary: "Whether to send requests here",
        responses: {
          "200": answers("Ready.", "Health"),
          "503": answers("Stopping, or without an artifact.", "Health"),
        },
      },
    },
    "/metrics": {
      get: {
        operationId: "metrics",
        summary: "Counts for Prometheus",
        responses: {
          "200": {
            description: "Text format 0.0.4.",
            content: { "text/plain": { schema: { type: "string" } } },
          },
        },
      },
    },
    "/openapi.json": {
      get: {
        operationId: "openapi",
        summary: "This document",
        responses: {
          "200": {
            description: "OpenAPI 3.1.",
            content: { "application/json": { schema: { type: "object" } } },
          },
        },
      },
    },
  },
  components: { schemas: openApiSchemas },
};
