using CsCheck;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

public sealed class TableReaderRoundTripTests
{
    const string Alphabet = "ab\",;\t|: \n\r'é€0.";

    static readonly Gen<string> Cell = Gen.Int[0, Alphabet.Length - 1].Array[0, 8].Select(
        letters => string.Concat(letters.Select(i => Alphabet[i])));

    [Fact]
    public void Quoted_cells_read_back_whatever_they_hold() =>
        Gen.Select(Cell.Array[2].Array[1, 12], Gen.Int[0, 4], Gen.Bool).Sample((rows, delimiterIndex, windows) =>
        {
            var delimiter = new[] { ",", "\t", ";", "|", "::" }[delimiterIndex];
            var lineEnd = windows ? "\r\n" : "\n";
            var text = string.Concat(rows.Select((row, i) => $"{Quoted(row[0])}{delimiter}{Quoted(row[1])}{delimiter}{i}{lineEnd}"));
            var header = string.Join(delimiter, "a", "b", "label") + lineEnd;

            var table = Read(header + text, new() { Delimiter = delimiter, Categorical = ["a", "b"] });

            for (var column = 0; column < 2; column++)
                Assert.Equal(string.Join("|", rows.Select(row => row[column])), table.Columns[column].Shown());
            Assert.Equal(PhysicalLines(rows), table.Lines);
        });

    [Fact]
    public void Where_a_file_is_cut_in_two_changes_nothing() =>
        Gen.Select(Gen.Double[-1e3, 1e3].Array[2, 20], Gen.Int[1, 19]).Sample((values, cut) =>
        {
            var rows = values.Select((value, i) => $"{value},c{i % 3}\n").ToArray();
            cut = Math.Min(cut, rows.Length - 1);
            var parts = new[] { rows[..cut], rows[cut..] }.Select((part, i) => new MemoryFile($"{i}", "x,y\n" + string.Concat(part)));

            Assert.Equal(Read("x,y\n" + string.Concat(rows)).Shown(), Read([.. parts]).Shown());
        });

    static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static IEnumerable<int> PhysicalLines(string[][] rows)
    {
        var line = 2;
        foreach (var row in rows)
        {
            yield return line;
            line += 1 + row.Sum(cell => cell.Count(c => c == '\n'));
        }
    }
}
