using System.Text;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Libsvm;

/// <summary>What is wrong with a LIBSVM line: DT43xx.</summary>
static class LibsvmProblems
{
    const int TextShownMax = 40;
    const string Form = "expected: label index:value …, separated by spaces; comments after #";

    public static Problem Pair(LinePlace place, ReadOnlySpan<byte> token) =>
        At("DT4301", place, $"\"{Shown(token)}\" is not index:value", Form, "fix: mend the token");

    public static Problem NoLabel(LinePlace place) =>
        At("DT4302", place, "the line starts without a label", Form, "fix: put the label first");

    public static Problem QueryId(LinePlace place) =>
        At("DT4303", place, "query ids (qid:) belong to ranking, which is not what is trained here", Form, "fix: remove the qid: tokens");

    public static Problem Order(LinePlace place, long index, long previous) =>
        At("DT4304", place, index == previous ? $"index {index} occurs twice" : $"index {index} comes after {previous}",
            "expected: indices strictly ascending within a line", "fix: sort the line by index, and keep one value for each");

    public static Problem IndexRange(LinePlace place, ReadOnlySpan<byte> token) =>
        At("DT4305", place, $"index {Shown(token)} is too large", $"expected: an index of at most {int.MaxValue}",
            "fix: number the features anew, or hash them into fewer");

    public static Problem Value(LinePlace place, ReadOnlySpan<byte> token) =>
        At("DT4306", place, $"{Shown(token)} is not a finite number", "expected: a finite number such as 1 or 0.25",
            "fix: leave the pair out, if it means 0");

    public static Problem TooLarge(LinePlace place, ReadOnlySpan<byte> token) =>
        At("DT4511", place, $"{Shown(token)} is too large", "expected: a number between -1.7e38 and 1.7e38, the range of float32",
            "fix: a smaller unit");

    public static Problem IndexZero(LinePlace place) =>
        At("DT4307", place, "index 0 occurs, but indices count from 1 (--index-base, or the model's)", "expected: indices of at least 1",
            "fix: --index-base 0, if the file counts from 0");

    public static Problem LabelEncoding(LinePlace place) =>
        At("DT4308", place, "the label is not UTF-8", "expected: text in UTF-8", "fix: --encoding latin-1, or the name of its encoding");

    static string Shown(ReadOnlySpan<byte> token)
    {
        var text = Encoding.UTF8.GetString(token);
        return text.Length <= TextShownMax ? text : text[..TextShownMax] + "…";
    }

    static Problem At(string code, LinePlace place, string what, params string[] details) =>
        new(code, ExitCode.Input, $"{place}: {what}", details) { File = place.File, Line = place.Line };
}

/// <summary>A place in a LIBSVM file; the column in bytes, all from 1.</summary>
readonly record struct LinePlace(string File, long Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
