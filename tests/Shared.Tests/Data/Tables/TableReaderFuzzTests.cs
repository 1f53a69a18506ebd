using System.Text;
using CsCheck;
using DistTrain.Data.Tables;
using DistTrain.Problems;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

/// <summary>Whatever the bytes are, the answer is a table or a problem with a place in the file, never another exception.</summary>
public sealed class TableReaderFuzzTests
{
    const string Letters = "ab01.-,;:\"\n\r\t # eé\u001F|";

    static readonly string[] Starts = ["", "a,label\n", "a::label\n", "a\tb\tlabel\n1\t2\tx\n", "1 1:1 2:3\n", "\uFEFFa;label\r\n"];

    static readonly Gen<byte[]> Texts = Gen.Select(Gen.Int[0, Starts.Length - 1], Gen.Int[0, Letters.Length - 1].Array[0, 60])
        .Select((start, letters) => Encoding.UTF8.GetBytes(Starts[start] + string.Concat(letters.Select(i => Letters[i]))));

    [Fact]
    public void Texts_are_read_or_refused() =>
        Gen.Select(Texts, Gen.Int[0, 3], Gen.Bool).Sample((bytes, format, mean) => MustBeReadOrRefused(
            new MemoryFile("f", bytes),
            new TableOptions
            {
                Format = format == 3 ? null : (TableFormat)format,
                Missing = mean ? MissingCells.Mean : MissingCells.Error,
            }), iter: 3000);

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Gen.Byte.Array[0, 80].Sample(bytes => MustBeReadOrRefused(new MemoryFile("f", bytes), new TableOptions()), iter: 2000);

    [Fact]
    public void Damaged_gzip_is_read_or_refused() =>
        Gen.Select(Texts.Where(bytes => bytes.Length > 0), Gen.Int[0, 200], Gen.Byte).Sample((bytes, at, replacement) =>
        {
            var packed = new MemoryFile("f", bytes).Gzipped();
            packed.Bytes[at % packed.Bytes.Length] = replacement;
            MustBeReadOrRefused(packed, new TableOptions());
        }, iter: 2000);

    static void MustBeReadOrRefused(MemoryFile file, TableOptions options)
    {
        try
        {
            var table = Read([file], options);
            Assert.All(table.Columns.OfType<NumericColumn>(), column => Assert.Equal(table.RowCount, column.Values.Length));
            Assert.Equal(table.RowCount, table.Label!.Codes.Length);
            Assert.Equal(table.RowCount, table.Lines.Length);
        }
        catch (DistTrainException e)
        {
            Assert.StartsWith("f", e.Problem.File, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Input, e.Problem.ExitCode);
        }
    }
}
