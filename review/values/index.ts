export * from "./sets";
export * from "./values";
