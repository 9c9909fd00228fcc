export { literal } from "./literal";
export { connectMethods, type ConnectMethod } from "./credentials";
export {
  connectOutput,
  type ConnectInput,
  type ConnectRecipe,
  connectRecipes,
  defaultAudience,
  type FederatedSource,
} from "./recipes";
