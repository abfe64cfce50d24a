/** Base of every error that Signalbox throws for something its user can put right. Its message says what, where and
 * what to do next; the CLI prints it as one line and exits with 1. Anything else that is thrown is a bug (exit 2). */
export class SignalboxError extends Error {
  override name = "SignalboxError";
}

/** A file or folder that was named can't be used. */
export class InputError extends SignalboxError {
  override name = "InputError";
}

/** The engine can't read or write stored data: a damaged or missing file, no space. */
export class StorageError extends SignalboxError {
  override name = "StorageError";
  constructor(
    /** What the engine said. */
    readonly detail: string,
    {
      isExplained = false,
      ...options
    }: ErrorOptions & {
      /** Whether the detail says already what to do. */
      isExplained?: boolean;
    } = {},
  ) {
    const remedy = "; if a file of the workspace is damaged, delete it and run again the stage that wrote it";
    super(isExplained ? detail : `${detail}${remedy}`, options);
  }
}

/** A stage was asked for before the stage that it reads from. */
export class StageError extends SignalboxError {
  override name = "StageError";
}

/** The data is there but can't support what was asked: too few rows, one class only, nothing to route between. */
export class DataError extends SignalboxError {
  override name = "DataError";
}
