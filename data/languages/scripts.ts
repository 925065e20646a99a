/** Which script a text is written in. */

/** Scripts that some declaration is written in, by Unicode's names. */
const SCRIPTS = [
  ...["Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Hebrew", "Arabic", "Devanagari", "Bengali", "Gurmukhi"],
  ...["Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Tibetan", "Myanmar"],
  ...["Khmer", "Mongolian", "Ethiopic", "Cherokee", "Canadian_Aboriginal", "Han", "Hiragana", "Katakana", "Hangul"],
  ...["Yi", "Tifinagh", "Nko", "Vai", "Thaana", "Javanese", "Balinese", "Meetei_Mayek", "Ol_Chiki", "Syriac"],
  ...["Adlam", "Nyiakeng_Puachue_Hmong", "Pahawh_Hmong", "Hanunoo", "Tagalog", "Tai_Tham", "Tai_Le", "New_Tai_Lue"],
  ...["Chakma", "Mro", "Osage", "Medefaidrin", "Wancho", "Sundanese", "Lisu", "Miao", "Tai_Viet", "Bopomofo"],
] as const;

const TESTS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "gu")] as const);

/** The script that most letters of a text are of, by Unicode's name; "other" where none is known. */
export function scriptOf(text: string): string {
  const sample = text.slice(0, 1000);
  const counts = TESTS.map(([script, test]) => [script, sample.match(test)?.length ?? 0] as const);
  const [script, most] = counts.reduce((best, own) => own[1] > best[1] ? own : best);
  return most === 0 ? "other" : script;
}
