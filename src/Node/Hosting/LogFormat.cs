namespace DistTrain.Node.Hosting;

/// <summary>The form of log lines.</summary>
public enum LogFormat
{
    /// <summary>A line of text for people.</summary>
    Line,

    /// <summary>A JSON object a line, for programs.</summary>
    Json,
}
