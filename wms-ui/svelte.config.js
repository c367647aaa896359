/** Runes everywhere; TypeScript in components is erasable, so no preprocessor is needed. */
export default { compilerOptions: { runes: true } };
