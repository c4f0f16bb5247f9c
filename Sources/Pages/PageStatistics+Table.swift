extension PageStatistics {
  /// How far apart the pictures lie, in words and numbers, for each layer and view.
  var spreadTable: HTML {
    guard images.count > 1 else { return "" }
    let groups = views.map { "<th colspan=\"2\" scope=\"colgroup\">\($0.name)</th>" as HTML }
    let quantities = views.map { _ in
      "<th scope=\"col\">means</th><th scope=\"col\">deviations</th>" as HTML
    }
    return """
      <h3>How far apart the pictures lie</h3>
      <p class="lead" id="spread">The standard deviation between the pictures, averaged over a \
      layer’s channels, in percent of the layer’s own deviation. Nought is the same in every \
      picture.</p>
      <div class="wide" tabindex="0" role="region" aria-labelledby="spread">
      <table aria-describedby="spread">
      <thead><tr><th rowspan="2" scope="col">Layer</th>\(groups)</tr>
      <tr>\(quantities)</tr></thead>
      <tbody>
      \(layers.indices.map(row))</tbody>
      </table>
      </div>
      """
  }

  private func row(layer: Int) -> HTML {
    let spreads = views.map { Spread($0.layers[layer], channels: layers[layer].channels) }
    let cells = spreads.flatMap { [$0.ofMeans, $0.ofDeviations] }.map { spread -> HTML in
      guard let percent = percentage(spread) else { return "<td>–</td>" }
      return "<td style=\"--percent:\(percent)\">\(percent) %</td>"
    }
    return """
      <tr><th scope="row">\(layers[layer].name) \
      <small>\(layers[layer].channels) channels</small></th>\(cells)</tr>

      """
  }
}
