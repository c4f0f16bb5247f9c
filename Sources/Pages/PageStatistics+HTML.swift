extension PageStatistics {
  /// Whether each picture has a colour of its own: there are as many as the style sheet has.
  private var isColored: Bool { images.count <= 6 }

  var section: HTML {
    """
    <section id="statistics" data-images="\(images.count)" data-colored="\(isColored ? 1 : 0)">
    <h2>\(PageSection.statistics.title)</h2>
    <p class="lead">\(whatALineIs) Layers go by their norms’ names in the weights: \
    \(layers[0].name) is the norm after the convolution \(layers[0].convolution).</p>
    \(images.count > 1 ? plotted : "<details>\n<summary>The plots</summary>\n\(plotted)\n</details>")
    \(spreadTable)
    </section>

    """
  }

  private var whatALineIs: String {
    let line = "the mean and the deviation of every channel of a layer."
    guard images.count > 1 else { return "The line is the picture’s: \(line)" }
    return "Each line is one picture: \(line) Lines on top of one another are pictures with the "
      + "same statistics."
  }

  private var plotted: HTML {
    """
    \(viewPicker)
    <div class="bench">
    \(layerPicker)
    <div class="stage">
    \(plots)
    \(legend)
    </div>
    </div>
    """
  }

  /// Writes a layer's numbers, which the script decodes when it shows them.
  func block(layer: Int) -> HTML {
    """
    <script type="text/plain" class="numbers">\(base64: encoded(layer: layer))</script>

    """
  }

  private var viewPicker: HTML {
    let choices = views.enumerated().map { index, view -> HTML in
      """
      <label><input type="radio" name="view" \(index == 0 ? "checked" : "") \
      data-own-axes="\(view.hasOwnAxes ? 1 : 0)"><span>\(view.name)</span></label>

      """
    }
    return """
      <fieldset class="views"><legend>Statistics taken</legend><div>\(choices)</div></fieldset>
      """
  }

  private var layerPicker: HTML {
    let choices = layers.enumerated().map { index, layer -> HTML in
      """
      <label><input type="radio" name="layer" \(index == 0 ? "checked" : "") \
      data-channels="\(layer.channels)" data-convolution="\(layer.convolution)"><span>\(layer.name)\
      <canvas aria-hidden="true"></canvas></span></label>

      """
    }
    return """
      <fieldset class="layers"><legend>Layer</legend><div>\(choices)</div></fieldset>
      """
  }

  private var plots: HTML {
    let names = images.map { "<option>\($0)</option>" as HTML }
    return """
      <div class="bar"><h3 id="layer-name"></h3>
      <label>Highlight <select id="highlight"><option>no picture</option>\(names)</select></label>
      </div>
      <output aria-live="polite"></output>
      <div class="plots" tabindex="0" role="application" aria-roledescription="plots" \
      aria-labelledby="layer-name" aria-describedby="plot-help">
      \(plot("mean"))\
      \(plot("deviation"))\
      </div>
      <p class="help" id="plot-help">A click keeps a line highlighted. Arrow keys: left and right \
      for channels, up and down for pictures.</p>
      """
  }

  /// Axes, lines and what is pointed at lie over one another, each drawn when it changes.
  private func plot(_ quantity: String) -> HTML {
    let canvases = ["axes", "lines", "pointer"].map {
      "<canvas class=\"\($0)\" aria-hidden=\"true\"></canvas>" as HTML
    }
    return """
      <div class="plot"><p>\(quantity)<span hidden>, on axes of this view’s own</span></p>\
      \(canvases)</div>

      """
  }

  private var legend: HTML {
    let colored = images.enumerated().map { index, name -> HTML in
      "<li><i style=\"background:var(--line-\(index + 1))\"></i><bdi>\(name)</bdi></li>"
    }
    let shared: [HTML] = [
      "<li><i style=\"background:var(--line)\"></i>one picture of \(images.count)</li>",
      "<li><i style=\"background:var(--accent)\"></i>the one highlighted</li>",
    ]
    return """
      <ul class="legend" aria-label="Legend">\(isColored ? colored : shared)</ul>
      \(exactness)
      """
  }

  private var exactness: HTML {
    guard images.count > 1 else { return "" }
    return """
      <p class="help">A value is exact to 1/508 of its channel’s spread between the pictures.\
      \(images.count > 60 ? " The small plots draw 60 pictures at most." : "")</p>
      """
  }
}
