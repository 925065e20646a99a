/** Messages of schemas in words: what is not there is said to be missing, not by the name that programs have for it. */
export function inPlainWords(message: string): string {
  return message.replace(/, received undefined$/, ", and it is missing");
}
