import Glibc

/// What the standard output is.
enum Terminal {
    /// As wide as the terminal and coloured, if it is one that can be and nobody says otherwise.
    static var style: StatusReport.Style {
        guard isatty(STDOUT_FILENO) == 1 else { return StatusReport.Style() }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let variables = Environment.variables()
        let isPlain = variables["NO_COLOR"].map { !$0.isEmpty } ?? false
        return StatusReport.Style(
            width: isKnown ? Int(size.ws_col) : nil, isColoured: !isPlain && variables["TERM"] != "dumb")
    }
}
