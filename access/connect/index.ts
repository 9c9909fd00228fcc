export { connectMethods, type ConnectMethod } from "./commands";
export { connectOutput, type ConnectInput, type ConnectRecipe, connectRecipes } from "./recipes";
