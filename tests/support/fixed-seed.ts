import fc from "fast-check";

// The same cases in every run, so that a failure is the change's and not the dice's. SIGNALBOX_FUZZ=N asks for other cases, and more.
if (process.env.SIGNALBOX_FUZZ === undefined) fc.configureGlobal({ seed: 20_261_122 });
