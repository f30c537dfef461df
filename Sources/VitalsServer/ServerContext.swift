import Hummingbird
import NIOCore
import VitalsCore

/// What goes with one request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that it came on.
    let channel: any NIOCore.Channel
    /// Who sent it, as the front door found out.
    var client = Client()
    /// Whether its path is not under the one where this server is.
    var isOutside = false

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Closes the connection at once, whatever is still being written.
    func hangUp() {
        channel.close(promise: nil)
    }
}
