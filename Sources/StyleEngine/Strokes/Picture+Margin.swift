import ImageFiles

extension Picture {
  /// The picture mirrored outward by so many pixels, edge included, which are cut off of what is
  /// written: borders then look like the rest.
  func extended(by margin: Int) -> Picture {
    guard margin > 0 else { return self }
    let (width, height) = (width, height)
    return Picture(
      width: width + 2 * margin, height: height + 2 * margin, order: order,
      readRow: { y, row throws(ImageFileError) in
        try row.withUnsafeMutableBufferPointer { row throws(ImageFileError) in
          let inner = UnsafeMutableBufferPointer(rebasing: row[3 * margin..<3 * (margin + width)])
          var samples = inner.mutableSpan
          try readRow(Picture.mirrored(y - margin, height), &samples)
        }
        func mirror(_ columns: Range<Int>) {
          for x in columns {
            let from = margin + Picture.mirrored(x, width)
            for channel in 0..<3 { row[3 * (margin + x) + channel] = row[3 * from + channel] }
          }
        }
        mirror(-margin..<0)
        mirror(width..<width + margin)
      },
      writeRow: { y, row throws(ImageFileError) in
        guard (margin..<margin + height).contains(y) else { return }
        try writeRow(y - margin, row.extracting(3 * margin..<3 * (margin + width)))
      })
  }
}
