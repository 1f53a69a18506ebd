using System.Globalization;
using System.Text;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Direct;

/// <summary>Texts in LIBSVM of all the forms that there are, from a seed.</summary>
sealed class LibsvmTexts
{
    static readonly string[] Labels = ["1", "+1", "-1", "2.5", "red", "weiß"];
    static readonly string[] Ends = ["\n", "\n", "\r\n", " \n", "\t# of interest\n", "\n\n", "\n# nothing: here\n", "#\n"];
    static readonly string[] Values = ["1", "1", "1.0", "0", "0.25", "-3", "1e-3", "-0.0", "123456.789", "+7", "1E2", ".5", "3.", "1e-50"];

    readonly StringBuilder _text = new();
    CounterRandom _random;

    LibsvmTexts(ulong seed) => _random = new CounterRandom(seed, 1);

    /// <summary>Some files; the first has a row with a label and a pair.</summary>
    public static string[] Files(ulong seed, int count) =>
        [.. Enumerable.Range(0, count).Select(file => new LibsvmTexts(CounterRandom.At(seed, 2, (ulong)file)).Write(isFirst: file == 0))];

    string Write(bool isFirst)
    {
        if (Below(8) == 0) _text.Append('\uFEFF');
        if (isFirst) _text.Append("1 1:1\n");
        var (rows, ones, widest, few) = (Below(60), Below(2) == 0, Below(3) == 0 ? 100_000_000 : 12, Below(2) == 0);
        for (var row = 0; row < rows; row++) Row(ones, widest, few ? 2 : 9);
        if (Below(2) == 0 && _text.Length > 0 && _text[^1] == '\n' && !isFirst) _text.Length--;
        return _text.ToString();
    }

    void Row(bool ones, int widest, int pairsMax)
    {
        _text.Append(Labels[Below(Labels.Length)]);
        var index = Below(10) == 0 ? 0 : 1;
        for (var pair = Below(pairsMax); pair > 0; pair--, index++)
        {
            index += Below(widest / 8 + 1);
            _text.Append(Below(9) == 0 ? "  " : " ").Append(CultureInfo.InvariantCulture, $"{index}:");
            _text.Append(ones ? "1" : Values[Below(Values.Length)]);
        }
        _text.Append(Ends[Below(Ends.Length)]);
    }

    int Below(int bound) => _random.NextInt32(bound);
}
