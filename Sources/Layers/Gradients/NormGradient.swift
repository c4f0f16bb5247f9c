import StyleModels

/// What the gradient behind a norm comes to for one channel of one image: g is the gradient by
/// `y = gamma · x̂ + beta` of the samples that the activation lets through.
package struct GradientMoments: Equatable, Sendable {
  /// Samples.
  package var count: Double
  /// Σ g, the gradient by beta.
  package var sum: Double
  /// Σ g · x̂, the gradient by gamma.
  package var product: Double

  package init(count: Double = 0, sum: Double = 0, product: Double = 0) {
    self.count = count
    self.sum = sum
    self.product = product
  }
}

/// The gradient by a norm's input, of one channel of one image: `gradient · g + sample · x + shift`,
/// x being the input and g as in `GradientMoments`. It has the norm's own shape: numbers by channel.
package struct GradientAffine: Equatable, Sendable {
  package var gradient = 0.0
  package var sample = 0.0
  package var shift = 0.0

  package init(gradient: Double = 0, sample: Double = 0, shift: Double = 0) {
    self.gradient = gradient
    self.sample = sample
    self.shift = shift
  }
}

extension Normalization {
  /// Leads gradients through the norm: with r = 1 / √(variance + ε), over the n samples of all channels
  /// that share their statistics,
  /// `∂L/∂x = r · (gamma · g − Σ gamma · g / n − x̂ · Σ gamma · g · x̂ / n)`.
  ///
  /// Stored statistics don't hang on the samples, so that the two sums are not there. A channel without
  /// variance came out as beta, whatever it was (`ChannelAffine.set`): its gradient is 0.
  ///
  /// Paper: Ioffe and Szegedy 2015, arXiv:1502.03167, section 3; the sums merged over the same sets as
  /// the moments were.
  ///
  /// - Parameters:
  ///   - affines: The place of the results, `[N][C]`.
  ///   - moments: Of each channel of each image, `[N][C]`.
  ///   - statistics: What the norm normalized with, `[N][C]`.
  ///   - styles: Gamma and beta of each image.
  package func setGradient(
    _ affines: inout [[GradientAffine]], from moments: [[GradientMoments]],
    statistics: [[Statistics]], styles: [StyleParameters.Norm], epsilon: Double
  ) {
    func deviation(_ image: Int, _ channel: Int) -> Double {
      (statistics[image][channel].variance + epsilon).squareRoot()
    }
    for image in moments.indices {
      for channel in moments[image].indices {
        let gamma = Double(styles[image].gamma[channel])
        affines[image][channel] = GradientAffine(gradient: gamma / deviation(image, channel))
      }
    }
    forEachSet(images: moments.count, channels: moments.first?.count ?? 0) { images, channels in
      var merged = GradientMoments()
      for image in images {
        for channel in channels {
          let (own, gamma) = (moments[image][channel], Double(styles[image].gamma[channel]))
          merged.count += own.count
          merged.sum += gamma * own.sum
          merged.product += gamma * own.product
        }
      }
      for image in images {
        for channel in channels {
          let statistic = statistics[image][channel]
          guard statistic.variance > 0 else {
            affines[image][channel] = GradientAffine()
            continue
          }
          let r = 1 / deviation(image, channel)
          let slope = r * r * merged.product / merged.count
          affines[image][channel].sample = -slope
          affines[image][channel].shift = slope * statistic.mean - r * merged.sum / merged.count
        }
      }
    }
  }
}
