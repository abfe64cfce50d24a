export { onnxruntimeEngine } from "./model/onnxruntime-engine.js";
