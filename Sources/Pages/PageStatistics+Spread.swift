/// The distance between the images in one layer and view, in units of the layer's own deviation.
struct Spread: Equatable {
  /// `√(mean over c of the variance of mean[·, c] over the images)`.
  let ofMeans: Double
  /// The same number for the deviations.
  let ofDeviations: Double

  init(_ values: PageStatistics.Values, channels: Int) {
    let energy = values.deviations.reduce(0) { $0 + Double($1) * Double($1) }
    let unit = (energy / Double(values.deviations.count)).squareRoot()
    ofMeans = deviationBetweenImages(values.means, channels: channels) / unit
    ofDeviations = deviationBetweenImages(values.deviations, channels: channels) / unit
  }
}

private func deviationBetweenImages(_ values: [Float], channels: Int) -> Double {
  let images = Double(values.count / channels)
  var squares = 0.0
  for channel in 0..<channels {
    let places = stride(from: channel, to: values.count, by: channels)
    let mean = places.reduce(0) { $0 + Double(values[$1]) } / images
    for place in places {
      let difference = Double(values[place]) - mean
      squares += difference * difference
    }
  }
  return (squares / Double(values.count)).squareRoot()
}

extension PageStatistics {
  /// The table of how far apart the pictures lie, in words and numbers, for each layer and view.
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
      <small>after \(layers[layer].convolution), \(layers[layer].channels) channels</small></th>\(cells)</tr>

      """
  }
}
