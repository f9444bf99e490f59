"""The opt-in extension in a real server: it loads, and widgets live on."""

from lab import Lab, Notebook

EXTENSION = "--ServerApp.jpserver_extensions={'latent_widgets.server': True}"


def test_a_server_with_the_extension_still_talks(tmp_path, chromium):
    lab = Lab(tmp_path / "lab", EXTENSION)
    try:
        notebook = Notebook(lab, chromium)
        cell = "import latent_widgets as lw\nspace = lw.LatentSpace('digits', engine='kernel')\n"
        notebook.open([cell + "lw.LatentSliders(space)"], wait_for=".lw-slider")
        notebook.page.locator(".lw-slider input[type=range]").first.press("ArrowRight")
        notebook.page.wait_for_timeout(500)
        assert notebook.run("bool(space.z == space.home)") == "False"
        assert "latent_widgets.server | extension was successfully loaded" in lab.log
        assert notebook.console_errors == []
        notebook.close()
    finally:
        lab.close()
