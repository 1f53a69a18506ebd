namespace DistTrain.Node.CommandLine;

/// <summary>Lines of two columns: a topic, and what there is to say about it.</summary>
static class Lines
{
    const int TopicWidth = 9;

    public static string Of(string topic, string text) => $"{topic.PadRight(TopicWidth)} {text}";

    public static void WriteTopic(this TextWriter output, string topic, string text) => output.WriteLine(Of(topic, text));
}
