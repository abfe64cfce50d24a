import type { LostPart } from "./lost-part.js";

/** A gateway's configuration, as its file holds it, and what of the policy it doesn't hold. */
export interface GatewayConfig {
  text: string;
  lost: LostPart[];
}
