"""Numbers about points in a latent space, and about the model behind it; knows no widget."""

from latent_widgets.analysis.aggregate import Gap, Surgery, aggregate_gap, elbo_surgery
from latent_widgets.analysis.anomaly import auroc, mahalanobis
from latent_widgets.analysis.areas import regions
from latent_widgets.analysis.attribute import direction
from latent_widgets.analysis.bottleneck import bottleneck
from latent_widgets.analysis.clusters import clusters
from latent_widgets.analysis.contours import Contour, density_contours
from latent_widgets.analysis.costs import cost
from latent_widgets.analysis.dci import DCI, dci, dci_from_importance
from latent_widgets.analysis.diagrams import Persistence
from latent_widgets.analysis.direction import Direction
from latent_widgets.analysis.disentanglement import Disentanglement, factor_vae_score, mig, sap
from latent_widgets.analysis.elbo import Terms, elbo, iwae
from latent_widgets.analysis.evaluation import Way, evaluate
from latent_widgets.analysis.expression import ExpressionError
from latent_widgets.analysis.frechet import frechet_distance, sample_distance
from latent_widgets.analysis.grammar import parse
from latent_widgets.analysis.hints import hints
from latent_widgets.analysis.holes import holes
from latent_widgets.analysis.hollow import draw_inside
from latent_widgets.analysis.inverse import KNearest, RadialBasis
from latent_widgets.analysis.leak import Leak, LeakMatrix, leak_matrix
from latent_widgets.analysis.learning import Overfitting, overfitting, underfitting
from latent_widgets.analysis.mixing import block, factor_dims, mix
from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.analysis.novelty import Novel, draw_between, draw_far
from latent_widgets.analysis.outliers import auroc_table, outlier_scores
from latent_widgets.analysis.outline import Region
from latent_widgets.analysis.parametric import ParametricMap, fit_parametric
from latent_widgets.analysis.path_length import path_length
from latent_widgets.analysis.persistence import persistence
from latent_widgets.analysis.probes import Probe, linear_probe
from latent_widgets.analysis.projection import LinearProjection, Projection, project
from latent_widgets.analysis.quality import Quality, measure_quality
from latent_widgets.analysis.report import Figure, Report, report
from latent_widgets.analysis.report_card import ReportCard, report_card
from latent_widgets.analysis.score_kinds import SCORES
from latent_widgets.analysis.truncation import draw_truncated
from latent_widgets.analysis.typicality import typicality
from latent_widgets.analysis.units import Collapse, active_units, posterior_collapse
from latent_widgets.analysis.unsupervised import (
    independent_directions,
    layer_directions,
    metric_directions,
    principal_directions,
)

__all__ = [
    "DCI",
    "SCORES",
    "Collapse",
    "Contour",
    "Direction",
    "Disentanglement",
    "ExpressionError",
    "Figure",
    "Gap",
    "KNearest",
    "Leak",
    "LeakMatrix",
    "LinearProjection",
    "Novel",
    "Overfitting",
    "ParametricMap",
    "Persistence",
    "Probe",
    "Projection",
    "Quality",
    "RadialBasis",
    "Region",
    "Report",
    "ReportCard",
    "Surgery",
    "Terms",
    "Way",
    "active_units",
    "aggregate_gap",
    "auroc",
    "auroc_table",
    "block",
    "bottleneck",
    "clusters",
    "cost",
    "dci",
    "dci_from_importance",
    "density_contours",
    "direction",
    "draw_between",
    "draw_far",
    "draw_inside",
    "draw_truncated",
    "elbo",
    "elbo_surgery",
    "evaluate",
    "factor_dims",
    "factor_vae_score",
    "fit_parametric",
    "frechet_distance",
    "hints",
    "holes",
    "independent_directions",
    "iwae",
    "layer_directions",
    "leak_matrix",
    "linear_probe",
    "mahalanobis",
    "measure_quality",
    "metric_directions",
    "mig",
    "mix",
    "neighbours",
    "outlier_scores",
    "overfitting",
    "parse",
    "path_length",
    "persistence",
    "posterior_collapse",
    "principal_directions",
    "project",
    "regions",
    "report",
    "report_card",
    "sample_distance",
    "sap",
    "typicality",
    "underfitting",
]
