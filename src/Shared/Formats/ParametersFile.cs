using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using DistTrain.Problems;

namespace DistTrain.Formats;

/// <summary>
/// parameters.safetensors: eight bytes with the length of a JSON header, the header, then the numbers. Two tensors of float64:
/// <c>weights</c> [K, D], class by class, and <c>intercepts</c> [K].
/// </summary>
/// <remarks>Format: huggingface/safetensors, README "Format". Only these two tensors are read, in this order.</remarks>
public static class ParametersFile
{
    /// <summary>A header is about 150 bytes; more than this is an attack or damage.</summary>
    const int HeaderBytesMax = 1 << 20;

    const int LengthBytes = sizeof(ulong);
    const int PieceNumbers = 1 << 16;

    /// <summary>Writes [K, D] weights and [K] intercepts, K being the number of intercepts.</summary>
    public static void Write(Stream stream, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts)
    {
        var header = Header(intercepts.Length, intercepts.Length == 0 ? 0 : weights.Length / intercepts.Length);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        WriteNumbers(stream, weights);
        WriteNumbers(stream, intercepts);
    }

    /// <summary>Reads the whole of <paramref name="stream"/>; what is damaged, cut short or followed by something is refused.</summary>
    /// <param name="name">The file's name in messages.</param>
    /// <exception cref="DistTrainException">DT7001, exit 7.</exception>
    public static (double[] Weights, double[] Intercepts) Read(Stream stream, string name)
    {
        DistTrainException Refuse(string what) => Damaged(name, what);

        var (classCount, featureCount) = ReadHeader(stream, Refuse);
        var weights = ReadNumbers(stream, classCount * featureCount, Refuse);
        var intercepts = ReadNumbers(stream, classCount, Refuse);
        return stream.ReadByte() < 0 ? (weights, intercepts) : throw Refuse("there are bytes after the last tensor");
    }

    static DistTrainException Damaged(string name, string what)
    {
        var problem = new Problem(
            "DT7001", ExitCode.Unreadable, $"{name}: {what}",
            "expected: the safetensors file of a model, as it was written", "fix: copy the model folder again, or train again");
        return (problem with { File = name }).AsException();
    }

    /// <summary>Padded with spaces to whole numbers of eight bytes, so that the tensors are aligned when the file is mapped.</summary>
    static byte[] Header(int classCount, int featureCount)
    {
        var weightBytes = (long)classCount * featureCount * sizeof(double);
        var end = weightBytes + (long)classCount * sizeof(double);
        var weights = FormattableString.Invariant(
            $$"""{"dtype":"F64","shape":[{{classCount}},{{featureCount}}],"data_offsets":[0,{{weightBytes}}]}""");
        var intercepts = FormattableString.Invariant(
            $$"""{"dtype":"F64","shape":[{{classCount}}],"data_offsets":[{{weightBytes}},{{end}}]}""");
        var json = $$"""{"weights":{{weights}},"intercepts":{{intercepts}}}""";
        return Encoding.ASCII.GetBytes(json.PadRight((json.Length + 7) / 8 * 8));
    }

    static (int ClassCount, int FeatureCount) ReadHeader(Stream stream, Func<string, DistTrainException> refuse)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        if (stream.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) < LengthBytes) throw refuse("the file ends in its header");
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerBytes is < 2 or > HeaderBytesMax) throw refuse($"a header of {headerBytes} bytes is out of range");

        var header = new byte[(int)headerBytes];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw refuse("the file ends in its header");
        if (header[0] != (byte)'{') throw refuse("the header does not start with \"{\"");

        DistTrainException RefuseHeader(string what) => refuse($"header: {what}");
        JsonTexts.RequireUnicode(header, RefuseHeader);
        var tensors = JsonFields.Parse(header, RefuseHeader);
        if (tensors.Has("__metadata__")) tensors.Object("__metadata__");
        var weights = ReadTensor(tensors.Object("weights"), rank: 2, start: 0, refuse);
        var intercepts = ReadTensor(tensors.Object("intercepts"), rank: 1, weights.End, refuse);
        tensors.End();
        if (weights.Shape[0] != intercepts.Shape[0]) throw refuse("weights and intercepts have different numbers of classes");
        return ((int)weights.Shape[0], (int)weights.Shape[1]);
    }

    static (long[] Shape, long End) ReadTensor(JsonFields tensor, int rank, long start, Func<string, DistTrainException> refuse)
    {
        if (tensor.Text("dtype") is var type && type != "F64") throw refuse($"numbers of type {type}; only F64 is read");
        long[] shape = [.. tensor.Integers("shape")];
        long[] offsets = [.. tensor.Integers("data_offsets")];
        tensor.End();
        if (shape.Length != rank || shape.Any(length => length is < 0 or > int.MaxValue)) throw refuse("a tensor has an impossible shape");
        var count = shape.Aggregate((Int128)1, (product, length) => product * length);
        if (count > Array.MaxLength) throw refuse("a tensor is too large");
        var end = start + (long)count * sizeof(double);
        return offsets is [var first, var last] && first == start && last == end
            ? (shape, end)
            : throw refuse("a tensor's shape and place do not fit together");
    }

    static void WriteNumbers(Stream stream, ReadOnlySpan<double> values)
    {
        for (var start = 0; start < values.Length; start += PieceNumbers)
            stream.Write(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(PieceNumbers, values.Length - start))));
    }

    /// <summary>Grows with what is really there, so that a header which lies about a small file costs no memory.</summary>
    static double[] ReadNumbers(Stream stream, int count, Func<string, DistTrainException> refuse)
    {
        var values = new double[Math.Min(count, PieceNumbers)];
        for (var start = 0; start < count; start += PieceNumbers)
        {
            var end = Math.Min(count, start + PieceNumbers);
            if (end > values.Length) Array.Resize(ref values, (int)Math.Min(count, Math.Max(end, values.Length * 2L)));
            var bytes = MemoryMarshal.AsBytes(values.AsSpan(start, end - start));
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                throw refuse("the file ends in its numbers");
        }
        return values;
    }
}
