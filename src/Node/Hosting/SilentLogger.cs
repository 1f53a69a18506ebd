using Akka.Event;

namespace DistTrain.Node.Hosting;

/// <summary>
/// Stands in place of the logger with which Akka writes to stdout before and after the host's loggers are there: stdout carries data. Turning
/// that logger's level off is not enough.
/// </summary>
public sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message)
    {
        // What is said when nobody can log it any more is of no use to anybody.
    }
}
