/** The words of the panel of directions. */

/** @type {[string, string, string][]} how a direction is learned from labels */
export const LEARNED = [
  ["mean", "difference of means", "From the mean of one side to the mean of the other"],
  ["logistic", "logistic probe", "Normal of the border that logistic regression draws"],
  ["svm", "linear SVM", "Normal of the border with the widest margin"],
  ["lda", "linear discriminant", "Fisher's: the means, corrected for what varies anyway"],
];

/** @type {[string, string, string][]} how one is found without labels */
export const FOUND = [
  ["principal", "spread of the rows", "Principal directions: along which the rows vary most"],
  ["layer", "decoder's first layer", "Which the first layer stretches the most (SeFa)"],
  ["metric", "change of the picture", "Along which pictures change most (mean pull-back metric)"],
  ["independent", "independent components", "Along which the rows vary by themselves (ICA)"],
];

/** @type {[string, string, string][]} where a direction comes from */
export const SOURCES = [
  ["column", "a column", "From the rows of one class to those of another, or from low to high"],
  ["rows", "A against B", "From one selection of rows to another"],
  ["found", "no labels", "Found in the rows or in the decoder"],
];

export const NONE = "No direction yet: make one here, and every panel can go along it.";
export const NO_DECODER =
  "This space has no decoder; the slider still moves z along the direction.";
export const OTHERS = "all others";

export const AUC =
  "Area under the ROC curve on held-out rows: 0.5 is chance, 1 is perfect. The mark is what 95 of 100 shuffles stay below.";
export const COHEN =
  "Cohen's d: how much better pairs across the two sides align with the direction than random pairs, in standard deviations; 0.8 is large.";
export const P_VALUE =
  "Permutation test: the share of shuffled labels that do at least as well. Above 0.01 it is no evidence.";
export const MATRIX =
  "Standard deviations a step: blue is more, orange less, faint where a linear probe hardly reads the factor. A clean direction has one strong cell.";
export const LEAK =
  "What one step moves, in standard deviations. Faint: a linear probe hardly reads it, so the bar says little.";
