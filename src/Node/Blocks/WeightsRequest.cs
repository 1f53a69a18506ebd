using System.Globalization;
using DistTrain.Protocol;

namespace DistTrain.Node.Blocks;

/// <summary>
/// A request for weights by feature: <c>POST /v1/weights/{run}/{term}/{version}?classes=K</c>. The body is n features as int32, the answer
/// [n][K] weights as double, both little-endian.
/// </summary>
static class WeightsRequest
{
    /// <summary>Most bytes of an answer: larger questions are put in parts.</summary>
    public const int AnswerBytesMax = 4 * 1024 * 1024;

    /// <summary>Most bytes of a question: even of two classes no answer has more features.</summary>
    public const int QuestionBytesMax = AnswerBytesMax / (2 * sizeof(double)) * sizeof(int);

    /// <summary>More classes are in no question.</summary>
    public const int ClassMax = 1024 * 1024;

    public const string ContentType = "application/octet-stream";

    /// <summary>Features that can be asked for at once, at least 1 for any K that a model may have.</summary>
    public static int FeatureMax(int classCount) => Math.Max(1, AnswerBytesMax / (classCount * sizeof(double)));

    public static string PathOf(RunId run, Term term, long version, int classCount) => string.Create(
        CultureInfo.InvariantCulture, $"/v1/weights/{Uri.EscapeDataString(run.Name)}/{term.Number}/{version}?classes={classCount}");
}
