using System.Globalization;
using DistTrain.Coordinator.Hosting;
using DistTrain.Node.CommandLine;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Runs;

/// <summary>log.txt: the host's log lines, from any thread; warnings and worse are said to the user as well.</summary>
/// <remarks>
/// But not that the run failed: the command ends with that as an error of its own. A file that cannot be written any more is given up with
/// a warning: what is logged goes on without it.
/// </remarks>
sealed class LogFile : ILoggerProvider
{
    /// <summary>How long a line of mere detail may wait for the next one before it is in the file.</summary>
    static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    readonly TextWriter _writer;
    readonly TimeProvider _clock;
    readonly Talk _talk;
    readonly Lock _lock = new();
    readonly bool _tellsWarnings;
    long _flushedAt;
    bool _isClosed;

    /// <param name="writer">Owned by the log from now on.</param>
    /// <param name="tellsWarnings">False where the host's log lines are shown anyway.</param>
    public LogFile(TextWriter writer, TimeProvider clock, Talk talk, bool tellsWarnings = true) =>
        (_writer, _clock, _talk, _tellsWarnings) = (writer, clock, talk, tellsWarnings);

    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    /// <summary>Writes what is no log line of the host: a trace.</summary>
    public void Write(LogLevel level, string category, string message, Exception? exception = null)
    {
        try
        {
            lock (_lock)
            {
                if (_isClosed) return;
                var time = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                _writer.WriteLine($"{time} {Word(level)} {category}: {message}");
                if (exception is not null) _writer.WriteLine(exception);
                if (level > LogLevel.Debug || _clock.GetElapsedTime(_flushedAt) >= FlushInterval) Flush();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            _talk.Warn($"the log ends here, its file cannot be written: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            try
            {
                _writer.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What a full disk did not take is tried once more on closing; whoever wrote it has been told.
            }
        }
    }

    void Flush()
    {
        _writer.Flush();
        _flushedAt = _clock.GetTimestamp();
    }

    static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    sealed class CategoryLogger(LogFile file, string category) : ILogger
    {
        readonly bool _isOurs = category.StartsWith("DistTrain.", StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        /// <summary>Every step of ours is a line; of the libraries only what they say without being asked.</summary>
        public bool IsEnabled(LogLevel logLevel) => logLevel >= (_isOurs ? LogLevel.Debug : LogLevel.Information);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var message = formatter(state, exception);
            file.Write(logLevel, category, message, exception);
            var isSaidElsewhere = _isOurs && eventId.Id == TrainingLog.FailedId;
            if (isSaidElsewhere || !file._tellsWarnings) return;
            if (logLevel >= LogLevel.Warning && logLevel < LogLevel.None) file._talk.Warn(message.ReplaceLineEndings(" "));
        }
    }
}
