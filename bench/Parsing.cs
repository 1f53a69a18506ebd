using BenchmarkDotNet.Attributes;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Samples;
using DistTrain.Data.Tables;
using DistTrain.Numerics;

namespace DistTrain.Bench;

/// <summary>Text to table, and dense text straight to a dataset, one thread, from memory: the bytes of the files divided by the time.</summary>
public class Parsing
{
    const int CsvRows = 200_000;
    const int LibsvmRows = 100_000;
    const int DenseRows = 50_000;
    const int DenseColumns = 128;

    MemoryFile _csv = new("", []);
    MemoryFile _libsvm = new("", []);
    MemoryFile _dense = new("", []);
    byte[] _densePadded = [];
    RowShape _denseShape = new((byte)',', [], 0);

    [GlobalSetup]
    public void Setup()
    {
        _csv = Written("preferences.csv", $"preferences,rows={CsvRows}");
        _libsvm = Written("sparse.libsvm", $"sparse,rows={LibsvmRows},features=1048576,nonzeros=30");
        _dense = Written("dense.csv", $"dense,rows={DenseRows},features={DenseColumns}");
        _densePadded = [.. _dense.Bytes, .. new byte[RowParser.BytesBehind]];
        _denseShape = new RowShape((byte)',', [.. Enumerable.Range(0, DenseColumns), RowShape.Label], DenseColumns);
        Work.Declare<Parsing>(nameof(Read), _csv.Bytes.Length + _libsvm.Bytes.Length + _dense.Bytes.Length);
        Work.Declare<Parsing>(nameof(Csv), _csv.Bytes.Length);
        Work.Declare<Parsing>(nameof(CsvByChunks), _csv.Bytes.Length);
        Work.Declare<Parsing>(nameof(Libsvm), _libsvm.Bytes.Length);
        Work.Declare<Parsing>(nameof(DenseTable), _dense.Bytes.Length);
        Work.Declare<Parsing>(nameof(DenseCells), _dense.Bytes.Length);
        Work.Declare<Parsing>(nameof(DenseDataset), _dense.Bytes.Length);
    }

    [Benchmark(Baseline = true)]
    public int Read() => MemoryRead.Of<byte>(_csv.Bytes) ^ MemoryRead.Of<byte>(_libsvm.Bytes) ^ MemoryRead.Of<byte>(_dense.Bytes);

    [Benchmark]
    public int Csv() => TableReader.Read([_csv], new TableOptions()).RowCount;

    /// <summary>Columns of text and of numbers, as several threads read them: rows counted and the file's hash too.</summary>
    [Benchmark]
    public int CsvByChunks() => TableReader.Read([_csv], new TableOptions(), parallel: SerialFor.Instance).RowCount;

    [Benchmark]
    public int Libsvm() => TableReader.Read([_libsvm], new TableOptions()).RowCount;

    [Benchmark]
    public int DenseTable() => TableReader.Read([_dense], new TableOptions()).RowCount;

    /// <summary>Rows taken apart and their numbers read, nothing else.</summary>
    [Benchmark]
    public int DenseCells()
    {
        var (parser, at, rowCount) = (new RowParser(_denseShape), _dense.Bytes.AsSpan().IndexOf((byte)'\n') + 1, 0);
        for (; at < _dense.Bytes.Length; rowCount++)
            if (!parser.TryRead(_densePadded, ref at)) throw new InvalidOperationException("The sample is not plain.");
        return rowCount;
    }

    /// <summary>All of it: rows counted, the file's hash, rows in shards, statistics and fingerprint.</summary>
    [Benchmark]
    public int DenseDataset() =>
        DirectReading.Read([_dense], new TableOptions(), new DatasetOptions(), _ => true, SerialFor.Instance)!.Table.RowCount;

    static MemoryFile Written(string name, string sample)
    {
        using var bytes = new MemoryStream();
        SampleSpec.Parse(sample).Write(bytes);
        return new MemoryFile(name, bytes.ToArray());
    }

    sealed record MemoryFile(string Name, byte[] Bytes) : IInputFile
    {
        public Stream Open() => new MemoryStream(Bytes, writable: false);

        public IRandomAccess OpenRandomAccess() => new OpenedMemory(Bytes);
    }

    sealed class OpenedMemory(byte[] bytes) : IRandomAccess
    {
        public long Length => bytes.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var read = (int)Math.Min(buffer.Length, Math.Max(0, bytes.Length - offset));
            bytes.AsSpan((int)Math.Min(offset, bytes.Length), read).CopyTo(buffer);
            return read;
        }

        public void Dispose()
        {
        }
    }
}
