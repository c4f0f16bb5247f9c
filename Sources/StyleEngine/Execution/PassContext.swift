import Layers
import SystemFiles
import Tensors

/// The means that the passes of an execution work with.
final class PassContext {
  let network: StyleNetwork
  let pool: WorkerPool
  let memory: PartMemory
  let addition: ResidualAddition
  let transfer = ScratchTransfer()
  let rows: PictureRows

  // Of the present execution.
  var progress = ExecutionProgress()
  var scratch: ScratchFile?
  var inspect: ((LayerRows) -> Void)?
  /// The time of each layer so far.
  var times: [Duration]

  init(_ network: StyleNetwork, pool: WorkerPool) {
    self.network = network
    self.pool = pool
    memory = PartMemory(workers: pool.workers)
    addition = ResidualAddition(kernels: network.kernels)
    rows = PictureRows(network, pool: pool)
    times = network.layers.map { _ in .zero }
  }
}
