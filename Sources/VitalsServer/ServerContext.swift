import Hummingbird
import NIOCore

/// What goes with one request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that it came on.
    let channel: any NIOCore.Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Closes the connection at once, whatever is still being written.
    func hangUp() {
        channel.close(promise: nil)
    }
}
