// The page's scripts as eslint reads them (make scripts).
import js from "@eslint/js";
import globals from "globals";

export default [
  {
    files: ["playground/web/**/*.js"],
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...js.configs.recommended.rules,
      "array-callback-return": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-control-regex": "off", // what a text may not hold is named by its code
      "no-duplicate-imports": "error",
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-shadow": ["error", { hoist: "never" }],
      "no-throw-literal": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
];
