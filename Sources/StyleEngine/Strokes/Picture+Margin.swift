import ImageFiles

extension Picture {
  /// The picture mirrored outward by so many pixels, edge included, which are cut off of what is
  /// written: borders then look like the rest.
  func extended(by margin: Int) -> Picture {
    guard margin > 0 else { return self }
    let (width, height) = (width, height)
    var inner = [Float](repeating: 0, count: 3 * width)
    return Picture(
      width: width + 2 * margin, height: height + 2 * margin,
      readRow: { y, row throws(ImageFileError) in
        var samples = inner.mutableSpan
        try readRow(Picture.mirrored(y - margin, height), &samples)
        for x in -margin..<width + margin {
          let from = 3 * Picture.mirrored(x, width)
          let to = 3 * (margin + x)
          for channel in 0..<3 { row[to + channel] = samples[from + channel] }
        }
      },
      writeRow: { y, row throws(ImageFileError) in
        guard (margin..<margin + height).contains(y) else { return }
        try writeRow(y - margin, row.extracting(3 * margin..<3 * (margin + width)))
      })
  }
}
