import { deepStrictEqual as equal } from "node:assert";
import { configs, jsrConfig } from "./jsr_config.ts";

Deno.test("deno.jsr.json is deno.json without the stand-ins (otherwise run `deno task jsr`)", () => {
  const [links, jsr] = [Deno.readTextFileSync(configs.links), Deno.readTextFileSync(configs.jsr)];
  equal(JSON.parse(jsr), JSON.parse(jsrConfig(links)));
});

Deno.test("the configuration for JSR keeps everything but links and the lock file", () => {
  const text =
    '{"links": ["./links/std-cli"], "imports": {"@std/cli": "jsr:@std/cli@^1.0.0"}, "fmt": {"lineWidth": 120}}';
  equal(JSON.parse(jsrConfig(text)), {
    imports: { "@std/cli": "jsr:@std/cli@^1.0.0" },
    fmt: { lineWidth: 120 },
    lock: false,
  });
});
