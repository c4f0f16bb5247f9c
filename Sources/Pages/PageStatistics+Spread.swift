/// How far apart the images lie in one layer and view, in units of the layer's own deviation.
struct Spread: Equatable {
  /// `√(mean over c of the variance of mean[·, c] over the images)`.
  let ofMeans: Double
  /// The same of the deviations.
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
