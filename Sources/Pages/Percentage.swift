/// A share of a whole in percent: `31.2` below ten, `31` from there on, nothing for no number.
func percentage(_ share: Double) -> String? {
  let tenths = (share * 1000).rounded()
  guard tenths.isFinite, abs(tenths) < 1e15 else { return nil }
  let isFine = abs(tenths) < 100 && tenths.remainder(dividingBy: 10) != 0
  return isFine ? String(tenths / 10) : String(Int((tenths / 10).rounded()))
}
