export * from "./artifact.js";
export { FEATURISER, type FeatureVector, featurise } from "./featurise.js";
export { type ReadRequest, readRequest } from "./read-request.js";
export * from "./request.js";
