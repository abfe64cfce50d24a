export * from "./artifact.js";
export * from "./request.js";
