/// The choice of statistics in `y = (x − mean) / sqrt(variance + epsilon) · gamma + beta`.
public enum Norm: String, CaseIterable, Sendable {
  /// The statistics of the channel itself, in one image (Ulyanov et al. 2016, arXiv:1607.08022).
  case instance
  /// The statistics of a group of neighbouring channels, in one image (Wu & He 2018,
  /// arXiv:1803.08494).
  case group
  /// The statistics of all channels, in one image; gamma and beta are still per channel.
  case layer
  /// The statistics that the file stores; nothing is measured (Ioffe & Szegedy 2015,
  /// arXiv:1502.03167).
  case batch
  /// The statistics of the channel, in the images of one batch.
  case batchLive = "batch-live"
}
