"""Put your hands inside a latent space: linked, live Jupyter widgets around a model."""

from latent_widgets import analysis, datasets, geometry, models
from latent_widgets.explorer import LatentExplorer
from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE
from latent_widgets.models.zoo import list_spaces
from latent_widgets.monitor import TrainingMonitor
from latent_widgets.pair import ProjectionPair
from latent_widgets.panels.arithmetic import ArithmeticPanel
from latent_widgets.panels.compare import PathComparison
from latent_widgets.panels.directions import DirectionPanel
from latent_widgets.panels.film import FilmStrip
from latent_widgets.panels.mixing import MixingPanel
from latent_widgets.panels.neighbours import NeighbourPanel
from latent_widgets.panels.outliers import OutlierPanel
from latent_widgets.panels.painter import PaintPanel
from latent_widgets.panels.picture import PictureInput
from latent_widgets.panels.report import ModelReport
from latent_widgets.panels.samples import SampleSheet
from latent_widgets.panels.scatter import ScatterProjection
from latent_widgets.panels.sliders import LatentSliders
from latent_widgets.panels.storyboard import Storyboard
from latent_widgets.panels.strip import InterpolationStrip
from latent_widgets.panels.tape import TapePanel
from latent_widgets.panels.topology import TopologyPanel
from latent_widgets.panels.trust import TrustPanel
from latent_widgets.panels.viewer import LatentViewer
from latent_widgets.saved import load, save
from latent_widgets.space import LatentSpace
from latent_widgets.tape import Tape

__all__ = [
    "VAE",
    "ArithmeticPanel",
    "DirectionPanel",
    "FilmStrip",
    "InterpolationStrip",
    "LatentExplorer",
    "LatentSliders",
    "LatentSpace",
    "LatentViewer",
    "MixingPanel",
    "ModelReport",
    "NeighbourPanel",
    "OutlierPanel",
    "PaintPanel",
    "PathComparison",
    "PictureInput",
    "ProjectionPair",
    "SampleSheet",
    "ScatterProjection",
    "Storyboard",
    "Tape",
    "TapePanel",
    "TopologyPanel",
    "TrainingMonitor",
    "TrustPanel",
    "analysis",
    "datasets",
    "fit",
    "geometry",
    "list_spaces",
    "load",
    "models",
    "save",
]
