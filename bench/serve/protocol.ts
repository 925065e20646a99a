/** What the process that serves a page and the one that starts it agree on. */

/** What is served. */
export interface ServeOptions {
  /** Folder of the run. */
  readonly out: string;
  /** 0 for a free one. */
  readonly port: number;
}

/** The only address that is listened on. */
export const HOST = "127.0.0.1";
/** Begins the line that says which port it is. */
export const READY = "ready ";
