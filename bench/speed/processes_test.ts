import { deepStrictEqual as equal } from "node:assert/strict";
import { cpuList } from "./processes.ts";

Deno.test("a list of cores is read as taskset prints it", () => {
  equal(cpuList("pid 7's current affinity list: 0,1\n"), [0, 1]);
  equal(cpuList("pid 7's current affinity list: 2-4,8\n"), [2, 3, 4, 8]);
  equal(cpuList("pid 7's current affinity list: 3\n"), [3]);
});
