import { credentialDetectors } from "./credential-detectors.js";
import type { Detector } from "./detector.js";
import { emailDetector } from "./email-detector.js";
import { keyDetectors } from "./key-detectors.js";
import { nameDetectors } from "./name-detectors.js";
import { nationalIdDetectors } from "./national-id-detectors.js";
import { networkDetectors } from "./network-detectors.js";
import { paymentDetectors } from "./payment-detectors.js";
import { phoneDetectors } from "./phone-detectors.js";

/** In the order in which they run: secrets first, for what is left of a key must not be taken for a phone number; numbers with a
 * checksum before phones. */
export const detectors: readonly Detector[] = [
  ...keyDetectors,
  ...credentialDetectors,
  emailDetector,
  ...paymentDetectors,
  ...nationalIdDetectors,
  ...networkDetectors,
  ...phoneDetectors,
  ...nameDetectors,
];
