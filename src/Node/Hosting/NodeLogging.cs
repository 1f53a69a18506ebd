using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace DistTrain.Node.Hosting;

/// <summary>The log lines of a node program.</summary>
public static class NodeLogging
{
    const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    /// <summary>Log lines go to stderr, times are UTC: all that this product has to say, of the libraries their warnings.</summary>
    public static ILoggingBuilder AddNodeLogging(this ILoggingBuilder logging, LogFormat format)
    {
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("DistTrain", LogLevel.Information);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        logging.Services.Configure<SimpleConsoleFormatterOptions>(simple =>
        {
            simple.SingleLine = true;
            simple.ColorBehavior = LoggerColorBehavior.Disabled;
            (simple.TimestampFormat, simple.UseUtcTimestamp) = (TimestampFormat, true);
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(json => (json.TimestampFormat, json.UseUtcTimestamp) = (TimestampFormat.Trim(), true));
        return logging;
    }
}
