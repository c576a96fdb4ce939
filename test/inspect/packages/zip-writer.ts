import { crc32, deflateRawSync } from "node:zlib";

/** A zip archive of these files, by path, deflated, with nothing between or around them. */
export function zip(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let start = 0;
  for (const [path, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = deflateRawSync(content);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(start, 10);
    const body = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, packed]);
    list.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, name);
    bodies.push(body);
    start += body.length;
  }
  const ofList = Buffer.concat(list);
  return Buffer.concat([...bodies, ofList, ending(bodies.length, ofList.length, start)]);
}

function ending(count: number, listLength: number, listStart: number): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listLength, 12);
  end.writeUInt32LE(listStart, 16);
  return end;
}
